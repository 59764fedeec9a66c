"""The columns of the two files and of their header: number, name, kind, greatest length, quoting.

Facts of DATEV's format description (header 700, Buchungsstapel 13, Debitoren/Kreditoren 5); the names are those of
DATEV's own sample files. A conformance test holds them against those files.
"""

from __future__ import annotations

from connector.datev.columns import repeated, table

HEADER = table(
    """
    text 4 Kennzeichen
    int 3 Versionsnummer
    int 2 Formatkategorie
    text 40 Formatname
    int 3 Formatversion
    timestamp 17 Erzeugt am
    empty 0 Importiert
    text 2 Herkunft
    text 25 Exportiert von
    text 25 Importiert von
    int 7 Beraternummer
    int 5 Mandantennummer
    date8 8 WJ-Beginn
    int 1 Sachkontenlänge
    date8 8 Datum von
    date8 8 Datum bis
    text 30 Bezeichnung
    text 2 Diktatkürzel
    int 1 Buchungstyp
    int 2 Rechnungslegungszweck
    int 1 Festschreibung
    text 3 WKZ
    empty 0 Reserviert
    text 0 Derivatskennzeichen
    empty 0 Reserviert
    empty 0 Reserviert
    text 4 Sachkontenrahmen
    int 4 ID der Branchenlösung
    empty 0 Reserviert
    text 0 Reserviert
    text 16 Anwendungsinformation
    """
)
"""The first line of every file."""

BUCHUNGSSTAPEL = table(
    """
    decimal 13 Umsatz (ohne Soll/Haben-Kz)
    text 1 Soll/Haben-Kennzeichen
    text 3 WKZ Umsatz
    decimal 11 Kurs
    decimal 13 Basis-Umsatz
    text 3 WKZ Basis-Umsatz
    account 9 Konto
    account 9 Gegenkonto (ohne BU-Schlüssel)
    text 4 BU-Schlüssel
    date_ttmm 4 Belegdatum
    text 36 Belegfeld 1
    text 12 Belegfeld 2
    decimal 11 Skonto
    text 60 Buchungstext
    int 1 Postensperre
    text 9 Diverse Adressnummer
    int 3 Geschäftspartnerbank
    int 2 Sachverhalt
    int 1 Zinssperre
    text 210 Beleglink
    """,
    repeated(
        range(1, 9),
        """
        text 20 Beleginfo - Art {i}
        text 210 Beleginfo - Inhalt {i}
        """,
    ),
    """
    text 36 KOST1 - Kostenstelle
    text 36 KOST2 - Kostenstelle
    decimal 17 Kost-Menge
    text 15 EU-Land u. UStID (Bestimmung)
    decimal 5 EU-Steuersatz (Bestimmung)
    text 1 Abw. Versteuerungsart
    int 3 Sachverhalt L+L
    int 3 Funktionsergänzung L+L
    int 1 BU 49 Hauptfunktionstyp
    int 2 BU 49 Hauptfunktionsnummer
    int 3 BU 49 Funktionsergänzung
    """,
    repeated(
        range(1, 21),
        """
        text 20 Zusatzinformation - Art {i}
        text 210 Zusatzinformation- Inhalt {i}
        """,
    ),
    """
    int 8 Stück
    decimal 11 Gewicht
    int 2 Zahlweise
    text 10 Forderungsart
    int 4 Veranlagungsjahr
    date_ttmmjjjj 8 Zugeordnete Fälligkeit
    int 1 Skontotyp
    text 30 Auftragsnummer
    text 2 Buchungstyp
    int 4 USt-Schlüssel (Anzahlungen)
    text 2 EU-Land (Anzahlungen)
    int 3 Sachverhalt L+L (Anzahlungen)
    decimal 5 EU-Steuersatz (Anzahlungen)
    account 8 Erlöskonto (Anzahlungen)
    text 2 Herkunft-Kz
    text 36 Buchungs GUID
    date_ttmmjjjj 8 KOST-Datum
    text 35 SEPA-Mandatsreferenz
    int 1 Skontosperre
    text 76 Gesellschaftername
    int 4 Beteiligtennummer
    text 11 Identifikationsnummer
    text 20 Zeichnernummer
    date_ttmmjjjj 8 Postensperre bis
    text 30 Bezeichnung SoBil-Sachverhalt
    int 2 Kennzeichen SoBil-Buchung
    int 1 Festschreibung
    date_ttmmjjjj 8 Leistungsdatum
    date_ttmmjjjj 8 Datum Zuord. Steuerperiode
    date_ttmmjjjj 8 Fälligkeit
    text 1 Generalumkehr (GU)
    decimal 5 Steuersatz
    text 2 Land
    text 50 Abrechnungsreferenz
    int 1 BVV-Position
    text 15 EU-Land u. UStID (Ursprung)
    decimal 5 EU-Steuersatz (Ursprung)
    account 9 Abw. Skontokonto
    """,
)
"""One record per ledger row; category 21, version 13."""

_BANK = """
    text 8 Bankleitzahl {i}
    text 30 Bankbezeichnung {i}
    text 10 Bank-Kontonummer {i}
    text 2 Länderkennzeichen {i}
    text 34 IBAN-Nr. {i}
    text 1 Leerfeld
    text 11 SWIFT-Code {i}
    text 70 Abw. Kontoinhaber {i}
    bool01" 1 Kennz. Hauptbankverb. {i}
    date_ttmmjjjj 8 Bankverb {i} Gültig von
    date_ttmmjjjj 8 Bankverb {i} Gültig bis
    """

DEBITOREN = table(
    """
    account 9 Konto
    text 50 Name (Adressattyp Unternehmen)
    text 50 Unternehmensgegenstand
    text 30 Name (Adressattyp natürl. Person)
    text 30 Vorname (Adressattyp natürl. Person)
    text 50 Name (Adressattyp keine Angabe)
    text 1 Adressattyp
    text 15 Kurzbezeichnung
    text 2 EU-Land
    text 13 EU-UStID
    text 30 Anrede
    text 25 Titel/Akad. Grad
    text 15 Adelstitel
    text 14 Namensvorsatz
    text 3 Adressart
    text 36 Straße
    text 10 Postfach
    text 10 Postleitzahl
    text 30 Ort
    text 2 Land
    text 50 Versandzusatz
    text 36 Adresszusatz
    text 30 Abweichende Anrede
    text 50 Abw. Zustellbezeichnung 1
    text 36 Abw. Zustellbezeichnung 2
    bool01 1 Kennz. Korrespondenzadresse
    date_ttmmjjjj 8 Adresse Gültig von
    date_ttmmjjjj 8 Adresse Gültig bis
    text 60 Telefon
    text 40 Bemerkung (Telefon)
    text 60 Telefon GL
    text 40 Bemerkung (Telefon GL)
    text 60 E-Mail
    text 40 Bemerkung (E-Mail)
    text 60 Internet
    text 40 Bemerkung (Internet)
    text 60 Fax
    text 40 Bemerkung (Fax)
    text 60 Sonstige
    text 40 Bemerkung (Sonstige)
    """,
    repeated(range(1, 6), _BANK),
    """
    int" 3 Leerfeld
    text 100 Briefanrede
    text 50 Grußformel
    text 15 Kunden-/Lief.-Nr.
    text 20 Steuernummer
    int" 2 Sprache
    text 40 Ansprechpartner
    text 40 Vertreter
    text 40 Sachbearbeiter
    bool01 1 Diverse-Konto
    int 1 Ausgabeziel
    text 1 Währungssteuerung
    int 10 Kreditlimit (Debitor)
    int 3 Zahlungsbedingung
    int 3 Fälligkeit in Tagen (Debitor)
    decimal 5 Skonto in Prozent (Debitor)
    int 2 Kreditoren-Ziel 1 Tg.
    decimal 5 Kreditoren-Skonto 1 %
    int 2 Kreditoren-Ziel 2 Tg.
    decimal 5 Kreditoren-Skonto 2 %
    int 3 Kreditoren-Ziel 3 Brutto Tg.
    int 2 Kreditoren-Ziel 4 Tg.
    decimal 5 Kreditoren-Skonto 4 %
    int 2 Kreditoren-Ziel 5 Tg.
    decimal 5 Kreditoren-Skonto 5 %
    int 1 Mahnung
    int 1 Kontoauszug
    int 1 Mahntext 1
    int 1 Mahntext 2
    int 1 Mahntext 3
    int 1 Kontoauszugstext
    decimal 8 Mahnlimit Betrag
    decimal 5 Mahnlimit %
    int 1 Zinsberechnung
    decimal 5 Mahnzinssatz 1
    decimal 5 Mahnzinssatz 2
    decimal 5 Mahnzinssatz 3
    text 1 Lastschrift
    text 1 Leerfeld
    int 4 Mandantenbank
    text 1 Zahlungsträger
    """,
    repeated(range(1, 16), "text 40 Indiv. Feld {i}"),
    """
    text 30 Abweichende Anrede (Rechnungsadresse)
    text 3 Adressart (Rechnungsadresse)
    text 36 Straße (Rechnungsadresse)
    text 10 Postfach (Rechnungsadresse)
    text 10 Postleitzahl (Rechnungsadresse)
    text 30 Ort (Rechnungsadresse)
    text 2 Land (Rechnungsadresse)
    text 50 Versandzusatz (Rechnungsadresse)
    text 36 Adresszusatz (Rechnungsadresse)
    text 50 Abw. Zustellbezeichnung 1 (Rechnungsadresse)
    text 36 Abw. Zustellbezeichnung 2 (Rechnungsadresse)
    date_ttmmjjjj 8 Adresse Gültig von (Rechnungsadresse)
    date_ttmmjjjj 8 Adresse Gültig bis (Rechnungsadresse)
    """,
    repeated(range(6, 11), _BANK),
    """
    text 15 Nummer Fremdsystem
    bool01 1 Insolvent
    """,
    repeated(range(1, 11), "text 35 SEPA-Mandatsreferenz {i}"),
    """
    account 9 Verknüpftes OPOS-Konto
    date_ttmmjjjj 8 Mahnsperre bis
    date_ttmmjjjj 8 Lastschriftsperre bis
    date_ttmmjjjj 8 Zahlungssperre bis
    int 1 Gebührenberechnung
    decimal 5 Mahngebühr 1
    decimal 5 Mahngebühr 2
    decimal 5 Mahngebühr 3
    int 1 Pauschalenberechnung
    decimal 6 Verzugspauschale 1
    decimal 6 Verzugspauschale 2
    decimal 6 Verzugspauschale 3
    text 50 Alternativer Suchname
    int 1 Status
    int 1 Anschrift manuell geändert (Korrespondenzadresse)
    text 306 Anschrift individuell (Korrespondenzadresse)
    int 1 Anschrift manuell geändert (Rechnungsadresse)
    text 306 Anschrift individuell (Rechnungsadresse)
    int 1 Fristberechnung bei Debitor
    int 3 Mahnfrist 1
    int 3 Mahnfrist 2
    int 3 Mahnfrist 3
    int 3 Letzte Frist
    """,
)
"""One record per debtor; category 16, version 5."""
