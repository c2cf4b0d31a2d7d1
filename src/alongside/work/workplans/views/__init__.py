"""Pages of workplans: what is in force, what is being written, what waits for a signature."""

from alongside.work.workplans.views.public import changes, plan, plans
from alongside.work.workplans.views.signing import progress, sign
from alongside.work.workplans.views.translating import translations
from alongside.work.workplans.views.writing import begin, draft, live

__all__ = ["begin", "changes", "draft", "live", "plan", "plans", "progress", "sign", "translations"]
