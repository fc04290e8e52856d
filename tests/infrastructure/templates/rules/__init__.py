"""What must hold for a template: each rule takes it resolved and returns what it found wrong."""
