"""Official papers: what each kind says, its layout in Word and in PDF, and the templates that an office keeps itself.

Layout: Nghị định 30/2020/NĐ-CP, Phụ lục I. Number and day stay blank: the records office gives them after signing.
"""
