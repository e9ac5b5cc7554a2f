"""What makes calls end, be repeated, be limited and be spread anew when something goes wrong."""
