"""Meeting procedure: pure rules, and repositories that keep what the rules decide."""
