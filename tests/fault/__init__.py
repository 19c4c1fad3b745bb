"""The fault rig: the services as processes, under load, killed, stopped, cut and restarted by a seeded schedule.

Afterwards an oracle compares what clients were promised with every database, the topics, and the money computed again.
"""
