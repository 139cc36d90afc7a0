"""Reports as they leave the house: printed by Chromium, made as jobs, sent by mail at their hour."""
