"""What the desk registers with the rest of the kernel."""

from keheng.kernel.desk.lists import DeskKeeper
from keheng.kernel.tables.keeping import keep_with

keep_with(DeskKeeper())
