"""Where a thing stands: one fold for each thing that moves. It takes facts and a day, and gives a stage and the steps that are open."""
