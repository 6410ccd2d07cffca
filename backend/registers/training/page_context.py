"""What the directory's pages ask of the trainings: who took part in what, and how often."""

from flask import Flask

from backend.registers.training.queries import times_trained, trainings_attended


def install(app: Flask) -> None:
    """Let templates call `times_trained(agency_id, year)` and `trainings_attended(inspector_id)`."""
    app.jinja_env.globals.update(times_trained=times_trained, trainings_attended=trainings_attended)
