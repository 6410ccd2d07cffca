"""What is changed after a draw was locked: entities replaced, inspectors redrawn, swapped or appointed; asked, decided, overseen."""
