"""Turns a vague outreach draft and notes into the message a careful person would send, offline, with the reasons."""
