"""What a result says, in plain words for platforms that show no page."""

from ..engine import Result


def feedback_words(result: Result) -> str:
    """A line for each exercise: points, and the sentence that it earned."""
    if result.status != "graded":
        return result.reason
    lines = [
        f"{report.title}: {report.score * report.points:g} of {report.points:g}. {report.sentence}"
        for report in result.reports
    ]
    return "\n".join(lines)
