"""nbgrader on this course: a folder of solutions/ is an assignment, course/ is what is released.

The notebooks in course/ are built by `make notebooks`. `nbgrader generate_assignment` would give the
same cells; it is needed once for each assignment that nbgrader is to grade.
"""

from pathlib import Path

c = get_config()  # noqa: F821  (given by nbgrader)

root = Path(__file__).resolve().parent
c.CourseDirectory.course_id = "convex-course"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = f"sqlite:///{root / 'grading' / 'gradebook.db'}"

# sources and judges hold the answers: they are never released
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.md", "*.py"]

c.ClearSolutions.code_stub = {"python": "..."}
c.ExecutePreprocessor.timeout = 120
