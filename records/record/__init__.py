"""The counselling record, drafted from what a contact's events say."""
