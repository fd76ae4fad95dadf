"""The one address."""

from django.urls import path

from benchmarks.peers.shop.views import receipt

urlpatterns = [path("v1/orders/<str:order_id>/receipt", receipt)]
