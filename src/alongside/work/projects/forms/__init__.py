"""What people type on the register: to narrow its list, to tell facts, to date decisions, to name harm, to bring files in."""
