"""The evaluation: cases, arms, scorers, report and baseline. Imports `assistant`, never the reverse."""
