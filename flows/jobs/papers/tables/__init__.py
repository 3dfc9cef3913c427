"""The office's tables, ready to be written in any form: register, plan, programme, settlement, reminders."""
