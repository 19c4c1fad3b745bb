"""What the activity service permits and computes: values in, values out."""
