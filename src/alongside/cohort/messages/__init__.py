"""Messages to leads, alarms from leads, and the notification that says something waits. Private: nothing of it is ever on the record."""
