"""What was kept of people's messages: by whom, from what message, and with what consent."""
