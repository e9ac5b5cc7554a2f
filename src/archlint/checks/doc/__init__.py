"""Rules about documentation that must agree with what is deployed."""
