"""What can be seen: appraisals with the evidence behind them, the queue, results, periods."""
