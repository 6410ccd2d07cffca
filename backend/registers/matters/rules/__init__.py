"""What can be decided about matters without looking anything up: their words, their ratios, what two versions differ in."""
