"""What was tested in one environment moves to another: the same image, code and configuration."""
