"""What an appraisal comes to: values in, values out; no clock, no I/O."""
