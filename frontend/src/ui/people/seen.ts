// Written by `manage.py export_protocol` from the columns.py of accounts and messaging. Not edited by hand.
export const SEEN = ["identity", "who", "size", "reading", "devices", "attempts", "directory"] as const;
