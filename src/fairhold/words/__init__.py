"""The language of people: catalogues, dates, sums of money, and sentences about what happens, in Russian and English."""
