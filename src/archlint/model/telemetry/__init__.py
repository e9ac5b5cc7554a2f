"""What tells how a system runs: collectors, scrape jobs, rules, dashboards, objectives."""
