"""What remains of a contact: counselling record, recording, statistics, reports, rights."""
