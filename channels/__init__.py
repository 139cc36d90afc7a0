"""Messages in and out: text messages to callers now; further channels join behind the same contract."""
