"""The desk in the browser: server-rendered pages and the programming interface, over the same functions as `dean`."""
