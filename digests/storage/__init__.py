"""The files that outlive the process: whole, versioned, backed up, looked over, deleted."""
