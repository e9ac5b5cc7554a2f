"""Rules of Google's API Improvement Proposals (https://google.aip.dev), for teams that follow them."""
