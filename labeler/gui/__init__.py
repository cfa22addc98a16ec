"""The window: it draws what a session's state says and sends it what the person does. The only Qt."""
