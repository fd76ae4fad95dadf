"""The world outside as the engine sees it: payment providers, carriers, tracking services, the marketplace's own sign-in."""
