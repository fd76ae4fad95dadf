"""The tables that a confirmation reads and writes, as a Django shop would have them."""

from django.db import models


class Order(models.Model):
    """An order."""

    id = models.CharField(primary_key=True, max_length=20)
    version = models.IntegerField(default=1)
    buyer = models.CharField(max_length=64, db_index=True)
    seller = models.CharField(max_length=64, db_index=True)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=32)
    total = models.BigIntegerField()
    placed_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    next_deadline_at = models.DateTimeField(null=True, db_index=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """Django's own way to name things."""

        app_label = "shop"


class Line(models.Model):
    """A line of an order."""

    id = models.CharField(primary_key=True, max_length=24)
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    sku = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    quantity = models.IntegerField()
    unit_price = models.BigIntegerField()
    total = models.BigIntegerField()
    state = models.CharField(max_length=16)
    window_ends = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        """Django's own way to name things."""

        app_label = "shop"


class Event(models.Model):
    """Something that happened to an order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="events")
    seq = models.IntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    type = models.CharField(max_length=32)
    data = models.JSONField()

    class Meta:
        """One event a step."""

        app_label = "shop"
        constraints = (models.UniqueConstraint(fields=("order", "seq"), name="event_once"),)


class Transfer(models.Model):
    """Money that moved."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="transfers")
    debit = models.CharField(max_length=80)
    credit = models.CharField(max_length=80)
    amount = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        """Django's own way to name things."""

        app_label = "shop"


class Key(models.Model):
    """What was done under an idempotency key."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="keys")
    key = models.CharField(max_length=80)
    fingerprint = models.BinaryField()
    version = models.IntegerField()

    class Meta:
        """Once an order."""

        app_label = "shop"
        constraints = (models.UniqueConstraint(fields=("order", "key"), name="key_once"),)


class ApiKey(models.Model):
    """A key of the API: its hash."""

    hash = models.BinaryField(unique=True)

    class Meta:
        """Django's own way to name things."""

        app_label = "shop"
