"""How and where somebody is reached: telephone numbers, addresses and number plates in a text, written or spoken."""
