"""Tables of the desk."""

from keheng.kernel.desk.models.delivering import Delivery, Habit, Preference
from keheng.kernel.desk.models.own import CalendarFeed, Draft, Export, SavedFilter, TableChoice
from keheng.kernel.desk.models.work import HandedTask, Handover, Message, Task

__all__ = [
    "CalendarFeed", "Delivery", "Draft", "Export", "Habit", "HandedTask", "Handover", "Message", "Preference", "SavedFilter",
    "TableChoice", "Task",
]  # fmt: skip
