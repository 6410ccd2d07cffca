"""What is supervised and when: the published matter lists and yearly plans."""
