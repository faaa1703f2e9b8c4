"""What everything is compared with: the smallest honest chat on Django and Channels, and nothing of ours."""
