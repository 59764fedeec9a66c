"""What a problem means and what to do about it, in German; the details stay in the words of the place that found it."""

from __future__ import annotations

from typing import NamedTuple


class ProblemText(NamedTuple):
    """What is wrong, and what to do about it."""

    meaning: str
    remedy: str


_CONFIG = "die genannte Zeile der Konfiguration berichtigen (docs/configuration.md)"
_CELL = "die genannte Zelle berichtigen (docs/sources/ledger.md)"
_MAPPING = "die Regel in mapping.toml berichtigen oder ergänzen"
_ADVISER = "mit der Steuerberatung abstimmen und in mapping.toml oder connector.toml berichtigen"
_TOOL = "im Projektwerkzeug berichtigen"
_LOGIN = "anmelden: `honorar login` mit dem Namen des Adapters"

GERMAN = {
    "AgreementsOverlap": ProblemText(
        "Zwei Vereinbarungen erfassen dieselben Angebote.", "offers je Vereinbarung nennen"
    ),
    "AllowanceBelowZero": ProblemText("Ein Kontingent liegt unter null.", "0 oder mehr schreiben"),
    "AllowanceUnitMismatch": ProblemText(
        "Das Kontingent zählt in einer anderen Einheit als das, was darauf gebucht wird.",
        "die Einheit oder die Zuordnung berichtigen",
    ),
    "AmbiguousOpenItem": ProblemText(
        "Zwei Debitoren haben einen offenen Posten mit dieser Belegnummer.",
        "Belegfeld 1 des Postens berichtigen, der nicht von Honorar stammt",
    ),
    "AmountTooLarge": ProblemText("Ein Betrag ist größer, als DATEV annimmt.", "den Beleg aufteilen"),
    "AmountTooSmall": ProblemText("Ein Betrag ist kleiner, als DATEV annimmt.", _ADVISER),
    "AttemptedElsewhere": ProblemText(
        "Ein anderes Buchhaltungsprogramm hat den Beleg vielleicht schon.",
        "dort nachsehen; dann mit dem früheren sink übergeben",
    ),
    "BadCell": ProblemText("Eine Zelle ist nicht lesbar.", _CELL),
    "BadCustomer": ProblemText("Ein Kunde ist unvollständig.", _TOOL),
    "BadOffer": ProblemText("Ein Angebot ist unvollständig.", _TOOL),
    "BadPosition": ProblemText("Eine Position ist unvollständig.", _TOOL),
    "BadQuoting": ProblemText("Anführungszeichen sind nicht geschlossen.", _CELL),
    "BadReading": ProblemText("Ein Fortschritt oder eine gelieferte Menge kann nicht stimmen.", _TOOL),
    "BadTimeEntry": ProblemText("Ein Zeiteintrag ist unvollständig.", _TOOL),
    "BaseRateUnknown": ProblemText(
        "Der Basiszinssatz eines Halbjahrs ist nicht bekannt; Zinsen werden nicht geschätzt.",
        "bei der Bundesbank nachsehen und in dunning.toml als [[base_rate]] eintragen, mit from und percent",
    ),
    "BookkeepingDiffers": ProblemText(
        "Das Konto hat eine andere Buchhaltung, als die Einstellungen sagen.", "bookkeeping berichtigen oder weglassen"
    ),
    "BuyerIncomplete": ProblemText(
        "Zum Kunden fehlen Angaben, ohne die keine Rechnung entsteht.", "den Kunden im Projektwerkzeug ergänzen"
    ),
    "CancelledInSink": ProblemText(
        "Der Beleg ist im Buchhaltungsprogramm storniert, hier nicht.",
        "hier auch stornieren: `honorar cancel`; was er abrechnete, wird wieder fällig",
    ),
    "CapBelowZero": ProblemText(
        "Die Grenze des Übertrags liegt unter null.", "0 oder mehr schreiben, oder rollover weglassen"
    ),
    "CellCount": ProblemText("Eine Zeile hat mehr oder weniger Zellen als die Kopfzeile.", _CELL),
    "CheckFailed": ProblemText("Die Prüfung ist gescheitert.", "Verbindung, Schlüssel und Rechte prüfen"),
    "ClosedUnfinished": ProblemText("Ein Ticket ist geschlossen, aber nicht auf 100 %.", "den Fortschritt bestätigen"),
    "ConfigEncoding": ProblemText("Eine Konfigurationsdatei ist nicht in UTF-8 gespeichert.", "als UTF-8 speichern"),
    "ConfigFloat": ProblemText("Eine Zahl mit Komma steht ohne Anführungszeichen.", 'als Text schreiben: "19.5"'),
    "ConfigMissingKey": ProblemText("In der Konfiguration fehlt eine Angabe.", _CONFIG),
    "ConfigPlaceholder": ProblemText("In der Konfiguration ist noch eine Stelle auszufüllen.", _CONFIG),
    "ConfigSyntax": ProblemText("Eine Konfigurationsdatei ist kein gültiges TOML.", _CONFIG),
    "ConfigUnknownKey": ProblemText("Die Konfiguration enthält eine unbekannte Angabe.", _CONFIG),
    "ConfigUnreadable": ProblemText("Eine Konfigurationsdatei kann nicht gelesen werden.", "Datei und Rechte prüfen"),
    "ConfigWrongType": ProblemText("Eine Angabe der Konfiguration hat die falsche Art.", _CONFIG),
    "ConfigWrongValue": ProblemText("Eine Angabe der Konfiguration hat einen unzulässigen Wert.", _CONFIG),
    "CorrectionRefused": ProblemText(
        "Das Buchhaltungsprogramm nimmt keine Rechnungskorrektur an.", "dort von Hand berichtigen und festhalten"
    ),
    "CostCentreRefused": ProblemText("Das Buchhaltungsprogramm nimmt diese Kostenstelle nicht an.", _ADVISER),
    "CreditNoteRefused": ProblemText(
        "Das Buchhaltungsprogramm nimmt keine kaufmännische Gutschrift an.", "dort von Hand anlegen"
    ),
    "CurrencyChanged": ProblemText(
        "Die Währung einer Vereinbarung hat gewechselt.", "für die andere Währung eine eigene Vereinbarung anlegen"
    ),
    "CurrencyRefused": ProblemText("Das Buchhaltungsprogramm nimmt diese Währung nicht an.", "anderswo abrechnen"),
    "CustomerContradicts": ProblemText("Zwei Projekte sagen Verschiedenes über denselben Kunden.", _TOOL),
    "CustomerMissing": ProblemText("Ein Projekt hat keinen Kunden.", _TOOL),
    "CustomerWithoutName": ProblemText("Ein Kunde hat keinen Namen.", _TOOL),
    "DateOutOfRange": ProblemText(
        "Ein Datum liegt außerhalb dessen, was DATEV annimmt.", "das Datum des Belegs prüfen"
    ),
    "DatesMissing": ProblemText("Fortschritt nach Zeit braucht Beginn und Ende.", "Beginn und Ende eintragen"),
    "DatesReversed": ProblemText("Das Ende liegt vor dem Beginn.", "die Daten berichtigen"),
    "DebtorAccountRefused": ProblemText("DATEV nimmt dieses Debitorenkonto nicht an.", _ADVISER),
    "DebtorCountryRefused": ProblemText("Das Land des Kunden ist kein gültiger Ländercode.", _TOOL),
    "DebtorKindUnknown": ProblemText(
        "Ob der Kunde Unternehmer oder Verbraucher ist, ist nicht bekannt; davon hängen Zinsen und Pauschale ab.",
        'USt-IdNr. oder Verbraucher im Projektwerkzeug eintragen, oder unnamed_customers = "business" in dunning.toml',
    ),
    "DebtorNameMissing": ProblemText("Der Kunde hat keinen Namen.", _TOOL),
    "DeductBelowZero": ProblemText("Die Grenze des Abzugs liegt unter null.", "max_deduct von 0 an schreiben"),
    "DeliveredDifferently": ProblemText(
        "Der Beleg steht im Buchhaltungsprogramm mit anderen Summen.",
        "beide vergleichen; dort berichtigen oder hier mit `honorar cancel` stornieren",
    ),
    "DeliveryPostponed": ProblemText("Der Beleg wurde nicht gesendet.", "der nächste Lauf versucht es wieder"),
    "DeliveryRejected": ProblemText(
        "Das Buchhaltungsprogramm hat den Beleg abgelehnt.",
        "die Ursache beheben, dann `honorar release`; oder stornieren mit `honorar cancel`",
    ),
    "DeliveryUndecided": ProblemText(
        "Ob das Buchhaltungsprogramm den Beleg hat, ist ungeklärt, und es lässt sich nicht absuchen.",
        "dort nachsehen; ist er da: `honorar accept BELEG --there ID`; ist er es nicht: `honorar push --again BELEG`",
    ),
    "DeliveryUnknown": ProblemText(
        "Ob das Buchhaltungsprogramm den Beleg hat, ist ungeklärt.",
        "`honorar push` nach einer Minute: es wird gesucht, ehe etwas noch einmal gesendet wird",
    ),
    "DifferentInSink": ProblemText(
        "Der Beleg steht im Buchhaltungsprogramm anders da.",
        "dort berichtigen oder hier mit `honorar cancel` stornieren",
    ),
    "DocumentNumberMissing": ProblemText("Der Beleg hat keine Nummer.", "den Beleg mit `honorar explain` ansehen"),
    "DocumentNumberRefused": ProblemText("DATEV nimmt diese Belegnummer nicht an.", "number_format ändern"),
    "DocumentNumberTwice": ProblemText("Zwei Belege haben dieselbe Belegnummer.", "number_format ändern"),
    "DoubleInSink": ProblemText(
        "Der Beleg steht zweimal im Buchhaltungsprogramm.",
        "den stornieren oder verwerfen, den Honorar nicht übergeben hat",
    ),
    "DownPaymentsNotMapped": ProblemText(
        "Für Abschlagsrechnungen oder ihren Abzug ist kein Konto festgelegt.",
        'Regeln mit document_kind = "partial" und category = "deduction" in mapping.toml ergänzen',
    ),
    "DownPaymentsUnpaid": ProblemText(
        "Die Schlussrechnung ist fällig, aber Abschlagsrechnungen sind unbezahlt.",
        'Zahlungen mit `honorar paid` erfassen, die übrigen stornieren, oder unpaid = "leave_open" setzen',
    ),
    "DraftNotReminded": ProblemText(
        "Der Beleg ist im Buchhaltungsprogramm noch ein Entwurf; an ihn wird nicht erinnert.",
        "dort fertigstellen; die Nummer kommt mit `honorar settle`",
    ),
    "DraftsStayDrafts": ProblemText(
        "Belege werden Entwürfe; die Schnittstelle kann keinen Entwurf abschließen.",
        "jeden im Programm abschließen, oder finalize = true setzen",
    ),
    "DuplicateAgreement": ProblemText("Zwei Vereinbarungen haben dieselbe id.", _CONFIG),
    "DuplicateColumn": ProblemText("Eine Spalte kommt zweimal vor.", _CELL),
    "DuplicateDebtor": ProblemText("Ein Kunde oder Debitorenkonto kommt zweimal vor.", _MAPPING),
    "DuplicateId": ProblemText("Zwei Zeilen haben dieselbe id.", _CELL),
    "DuplicateRecord": ProblemText("Zwei Datensätze haben dieselbe Nummer.", _TOOL),
    "DuplicateSource": ProblemText("Zwei Quellen haben denselben Namen.", _CONFIG),
    "EarlierNotNumbered": ProblemText(
        "Ein Beleg, den die Schlussrechnung abziehen soll, hat noch keine Nummer.",
        "mit `honorar push` übergeben; Entwürfe im Buchhaltungsprogramm abschließen",
    ),
    "EmptyCell": ProblemText("Eine Zelle ist leer, die gebraucht wird.", _CELL),
    "EmptyFile": ProblemText("Eine Datei ist leer.", "die Kopfzeile eintragen (docs/sources/ledger.md)"),
    "EmptyLedger": ProblemText("Der Ordner enthält keine Datei des Ledgers.", "folder in connector.toml prüfen"),
    "ExchangeRateMissing": ProblemText("Für die fremde Währung fehlt der Kurs.", _ADVISER),
    "ExchangeRateRefused": ProblemText("DATEV nimmt diesen Kurs nicht an.", _ADVISER),
    "ExpiryTooShort": ProblemText(
        "Ein Übertrag verfällt, bevor er genutzt werden kann.",
        "expires_after von 1 an schreiben, oder rollover weglassen",
    ),
    "FeeBelowZero": ProblemText(
        "Eine Pauschale liegt unter null.", "ohne Vorzeichen schreiben, oder einen Nachlass anlegen"
    ),
    "FieldNotSeen": ProblemText(
        "Ein benanntes Feld kam in keinem Datensatz vor.", "Feld und Rechte im Werkzeug prüfen"
    ),
    "FinalInFullRefused": ProblemText(
        "Das Buchhaltungsprogramm nimmt keine Schlussrechnung an, die Anzahlungen nennt.", 'final = "remainder" setzen'
    ),
    "FolderNotWritable": ProblemText("In den Ordner kann nicht geschrieben werden.", "Ordner und Rechte prüfen"),
    "IdTwice": ProblemText("Eine id kommt innerhalb der Vereinbarung zweimal vor.", "jeder eine eigene geben"),
    "IndexBaseBelowZero": ProblemText(
        "Die Basis des Index liegt nicht über null.", "den Indexstand bei Vertragsschluss eintragen"
    ),
    "IndexMonthMissing": ProblemText("Dem Index fehlt der Wert des Monats, der zählt.", "den Wert in index eintragen"),
    "IndexationTooEarly": ProblemText(
        "Eine Anpassung liegt vor der Pauschale, die sie ändert.", "in die Fassung setzen, deren Pauschale sie ändert"
    ),
    "ItemNotFed": ProblemText(
        "Auf einen Posten des Kontingents wird nichts gezählt.", "[[agreement.feed]] für ihn anlegen"
    ),
    "ItemUnitChanged": ProblemText("Ein Posten zählt in einer anderen Einheit als zuvor.", "ihm eine andere id geben"),
    "KeyInClear": ProblemText("Der Schlüssel geht unverschlüsselt über das Netz.", "https verwenden"),
    "LateChange": ProblemText(
        "Eine abgerechnete Periode hat sich nachträglich geändert.",
        'die Änderung zurücknehmen, late = "correct" setzen oder die Korrektur freigeben:',
    ),
    "LimitReached": ProblemText(
        "Die vereinbarte Obergrenze ist erreicht; der Rest wartet.", "mehr vereinbaren und not_to_exceed erhöhen"
    ),
    "ManualProgressOnTimeAndMaterials": ProblemText(
        "Ein Projekt nach Aufwand hat keinen Fortschritt von Hand.", 'progress = "effort" verwenden'
    ),
    "MetricMissing": ProblemText("Für die Periode fehlt die Kennzahl.", "die Kennzahl eintragen, 0 wenn es keine gab"),
    "LedgerNotSetUp": ProblemText(
        "Für den Mandanten ist kein Rechnungsausgangsbuch online eingerichtet.",
        'von der Steuerberatung einrichten lassen, oder way = "extf" setzen',
    ),
    "LoginEnded": ProblemText("Die Anmeldung ist abgelaufen.", _LOGIN),
    "LoginEnds": ProblemText("Die Anmeldung läuft bald ab.", _LOGIN),
    "LoginMissing": ProblemText("Es hat sich noch niemand angemeldet.", _LOGIN),
    "MissingColumn": ProblemText("Eine Spalte fehlt.", _CELL),
    "MissingDebtor": ProblemText("Für den Kunden ist kein Debitorenkonto festgelegt.", "in mapping.toml ergänzen:"),
    "MissingFile": ProblemText("Eine Datei fehlt.", "die Datei anlegen oder die Einstellung ändern"),
    "MissingInSink": ProblemText(
        "Das Buchhaltungsprogramm hat den Beleg nicht mehr.",
        "wurde er dort als Entwurf verworfen? dann hier auch stornieren: `honorar cancel`",
    ),
    "MissingRevenueAccount": ProblemText(
        "Für die Leistung ist kein Erlöskonto festgelegt.", "in mapping.toml ergänzen:"
    ),
    "MissingTaxKey": ProblemText("Der Regel fehlt ein Steuerschlüssel.", _MAPPING),
    "MissingVatId": ProblemText("Für diese Steuerkategorie fehlt eine USt-IdNr.", "die USt-IdNr. eintragen"),
    "MissingVatRule": ProblemText("Für den Fall ist keine Umsatzsteuer festgelegt.", "in mapping.toml ergänzen:"),
    "NotCompared": ProblemText(
        "Der Beleg ist übergeben, aber noch nicht verglichen.", "der nächste Lauf vergleicht ihn"
    ),
    "NotRecorded": ProblemText(
        "Der Beleg steht im Buchhaltungsprogramm, aber hier ist keine Übergabe verzeichnet.",
        "`honorar push` übernimmt ihn, solange er nicht geklärt ist",
    ),
    "NothingBooked": ProblemText(
        "Kein Betrag des Belegs wird gebucht.", "zusammen mit etwas abrechnen, das einen Betrag hat"
    ),
    "NothingToBill": ProblemText("Zur Vereinbarung gibt es keine beauftragte Position.", "das Angebot beauftragen"),
    "OfferTotalDiffers": ProblemText(
        "Die Zeilen eines Angebots ergeben eine andere Summe, als das Projektwerkzeug nennt.",
        "die Zeilen und die Einstellungen zu Preis und Rabatt prüfen",
    ),
    "OpenItemUnreadable": ProblemText(
        "Ein offener Posten ist nicht zu verstehen.", "in DATEV Rechnungswesen nachsehen, oder die Liste neu ausgeben"
    ),
    "OpenItemsEmpty": ProblemText(
        "In DATEV ist kein einziger Posten zu finden; daraus wird nichts geschlossen.",
        "die Liste neu und ganz ausgeben, oder die Einstellung berichtigen",
    ),
    "OpenItemsUndated": ProblemText(
        "Eine OPOS-Liste nennt keinen Tag, oder zwei nennen denselben.",
        "jede Liste nach ihrem Tag nennen, etwa OPOS_2026-03-31.csv",
    ),
    "OpenItemsUnreadable": ProblemText(
        "In einer OPOS-Liste fehlt die Zeile mit den Spaltennamen.", "die eigenen Namen in opos_columns nennen"
    ),
    "OrderNumberRefused": ProblemText("DATEV nimmt diese Auftragsnummer nicht an.", _ADVISER),
    "OveragePriceMissing": ProblemText(
        "Für den Mehraufwand fehlt der Preis.", 'overage.price eintragen, oder overage.rule = "absorb"'
    ),
    "OverageWaits": ProblemText("Mehraufwand wartet auf Freigabe.", "eine andere Regel vereinbaren oder freigeben:"),
    "Overpaid": ProblemText(
        "Es wurde mehr gezahlt als gefordert.", "zurückzahlen, oder im Buchhaltungsprogramm gegen anderes verrechnen"
    ),
    "PartPaymentUnclear": ProblemText(
        "Eine Teilzahlung ist da, aber DATEV sagt nicht, ob seine Beträge die Umsatzsteuer enthalten.",
        "den offenen Posten in DATEV Rechnungswesen ansehen",
    ),
    "PaymentContradicts": ProblemText(
        "Ein erledigter Beleg steht im Buchhaltungsprogramm jetzt anders da.", "den Beleg dort ansehen"
    ),
    "PaymentNotConfirmed": ProblemText(
        "Eine hier erfasste Zahlung kennt das Buchhaltungsprogramm nicht.",
        "dort buchen, oder hier zurücknehmen: `honorar unpaid`, `honorar paid`",
    ),
    "PaymentNotUnderstood": ProblemText(
        "Was das Buchhaltungsprogramm zur Zahlung sagt, ist nicht zu verstehen.", "den Beleg dort ansehen"
    ),
    "PaymentTakenBack": ProblemText(
        "Eine Zahlung ist zurückgenommen: Es ist mehr offen als zuvor.",
        "prüfen, ob die Bank sie zurückgab oder ob sie anderswo gebucht wurde",
    ),
    "PaymentsNotRead": ProblemText(
        "Der Zahlungsstand ist zu alt, um jemanden zu mahnen.", "zuerst `honorar settle` laufen lassen"
    ),
    "PlannedHoursMissing": ProblemText("Fortschritt nach Aufwand braucht geplante Stunden.", "Stunden eintragen"),
    "PositionChangedAfterBilling": ProblemText(
        "Eine Position wurde nach der Fakturierung geändert.", "als Nachtrag erfassen oder die Änderung annehmen"
    ),
    "PositionInTwoAgreements": ProblemText("Zwei Vereinbarungen erfassen dieselbe Position.", "offers nennen"),
    "PositionTwice": ProblemText("Eine Position kommt zweimal vor.", _TOOL),
    "PriceNotPossible": ProblemText(
        "Ein Preis liegt unter null oder hat zu viele Nachkommastellen.", "den Preis berichtigen"
    ),
    "PrepaidTaxedDifferently": ProblemText(
        "Die Schlussrechnung wird anders besteuert als eine Abschlagsrechnung.", 'final = "remainder" setzen'
    ),
    "ProgressNotDated": ProblemText("Zum Fortschritt ist kein Stichtag bekannt.", "später erneut einlesen"),
    "ProgressNotWeighed": ProblemText(
        "Mehrere Arbeitspakete stehen für eine Position, aber nicht alle sind geschätzt.", "alle schätzen"
    ),
    "ProgressWentBack": ProblemText(
        "Der Fortschritt liegt unter dem bereits fakturierten Stand.",
        'die Ablesung berichtigen oder on_decrease = "credit" setzen',
    ),
    "ProjectNotRead": ProblemText("Ein Projekt wird nicht gelesen.", "die Projekte der Quelle prüfen"),
    "ProjectVanished": ProblemText(
        "Ein Projekt ist samt seiner Zeit aus der Quelle verschwunden.",
        "aus dem Archiv holen, oder das Recht geben, es zu sehen; sonst --accept-empty",
    ),
    "ProjectWithoutKey": ProblemText("Ein Projekt hat kein Kürzel, unter dem Vereinbarungen es nennen.", _TOOL),
    "QuantityMissing": ProblemText("Fortschritt nach Stück braucht eine Menge über null.", "die Menge berichtigen"),
    "RateMissing": ProblemText(
        "Für Zeiteinträge ist kein Stundensatz vereinbart.",
        "einen Satz dafür oder einen allgemeinen (default) eintragen",
    ),
    "ReadingsContradict": ProblemText("Zwei Ablesungen desselben Tages widersprechen sich.", "die falsche entfernen"),
    "ReceivedInPart": ProblemText(
        "DATEV hat das Paket nur zum Teil übernommen.",
        "was fehlt, in Belege online von Hand erfassen; noch einmal gesendet wird es nicht",
    ),
    "ReceivedNotBooked": ProblemText(
        "DATEV hat die Datei empfangen; gebucht ist sie noch nicht.",
        "nichts; die Steuerberatung übernimmt sie in Kanzlei-Rechnungswesen",
    ),
    "RemindByHand": ProblemText(
        "Das Buchhaltungsprogramm nimmt von hier keine Mahnungen an; nichts wurde geschrieben oder vermerkt.",
        "nach der Liste von `honorar remind` von Hand schreiben; dann `honorar reminded`",
    ),
    "ReminderFeeRefused": ProblemText(
        "Das Buchhaltungsprogramm nimmt über seine Schnittstelle weder Gebühr noch Pauschale noch Zinsen an.",
        "sie für diese Stufe in dunning.toml weglassen, oder dort von Hand mahnen und `honorar reminded`",
    ),
    "ReminderLevelDiffers": ProblemText(
        "Honorar und das Buchhaltungsprogramm nennen verschiedene Mahnstufen; die höhere zählt.",
        "nachsehen, ob dort von Hand gemahnt oder eine Mahnung verworfen wurde",
    ),
    "ReminderOtherCurrency": ProblemText(
        "Gebühr oder Pauschale ist in Euro, der Beleg nicht.", "von Hand mahnen; dann: `honorar reminded`"
    ),
    "ReminderPostponed": ProblemText(
        "Die Mahnung ist nicht geschrieben.", "das nächste `honorar remind --send` versucht es wieder"
    ),
    "ReminderRejected": ProblemText(
        "Das Buchhaltungsprogramm lehnt die Mahnung ab.", "die Ursache beheben; der nächste Lauf versucht es wieder"
    ),
    "ReminderUnknown": ProblemText(
        "Ob die Mahnung geschrieben wurde, ist ungeklärt.",
        "am Beleg nachsehen; ist sie dort: `honorar reminded`, sonst `honorar unreminded`",
    ),
    "RemindersHeld": ProblemText(
        "An diesen Beleg wird nicht erinnert, weil ein Mensch es so entschied.", "wenn geklärt: `honorar release`"
    ),
    "RenewalComing": ProblemText(
        "Die Vereinbarung verlängert sich bald stillschweigend.",
        "kündigen (notice_given eintragen) oder verlängern lassen",
    ),
    "RevenueAccountRefused": ProblemText("DATEV nimmt dieses Erlöskonto nicht an.", _ADVISER),
    "RightMissing": ProblemText("Dem Benutzer fehlt ein Recht im Projektwerkzeug.", "das Recht erteilen"),
    "RoleRateMissing": ProblemText("Einem Budget fehlen Stundensätze.", "in role_rates eintragen"),
    "RoundToBelowZero": ProblemText(
        "Der Rundungsschritt der Pauschale liegt nicht über null.", 'round_to berichtigen, etwa 1 oder "0.01"'
    ),
    "ScheduleDoesNotAddUp": ProblemText("Die Raten ergeben nicht die Auftragssumme.", "die Raten berichtigen"),
    "ScheduleMixed": ProblemText("Ein Ratenplan mischt Währungen oder Steuerklassen.", "je eine Vereinbarung anlegen"),
    "SecretInClear": ProblemText("Ein Geheimnis steht im Klartext.", 'auslagern: { env = "NAME" }'),
    "SecretMissing": ProblemText("Ein Geheimnis ist nicht hinterlegt.", "Umgebungsvariable oder Schlüsselbund füllen"),
    "ServiceAfterInvoice": ProblemText(
        "Die Leistung beginnt erst nach dem Rechnungsdatum.", "zu Beginn der Leistung abrechnen, oder nachträglich"
    ),
    "SetupMissing": ProblemText(
        "Im Buchhaltungsprogramm fehlt etwas, worauf sich Belege beziehen.",
        "dort einrichten, oder in connector.toml etwas anderes nennen",
    ),
    "ShareAboveOne": ProblemText(
        "Der Fortschritt liegt über 100 %; fakturiert wird bis 100 %.", 'Nachtrag anbieten oder over = "bill" setzen'
    ),
    "ShareBelowNothing": ProblemText("Der Fortschritt liegt unter 0 %.", "die Ablesung berichtigen"),
    "SourceWentEmpty": ProblemText(
        "Die Quelle liefert wenig oder nichts mehr, wo zuletzt etwas war.",
        "Schlüssel und Rechte prüfen; sonst --accept-empty",
    ),
    "SprintSpansMonths": ProblemText(
        "Ein Sprint reicht über das Ende eines Monats; seine Zeit zählt am letzten Tag.",
        "Sprints zum Monatsende teilen",
    ),
    "StatusNotWritten": ProblemText(
        "Das Projektwerkzeug weiß noch nicht, was aus dem Beleg wurde.", "der nächste Lauf versucht es wieder"
    ),
    "TaxKeyMissing": ProblemText("Der Buchung fehlt ein Steuerschlüssel.", _MAPPING),
    "TaxKeyRefused": ProblemText("DATEV nimmt diesen Steuerschlüssel nicht an.", _ADVISER),
    "TermsDiffer": ProblemText(
        "Das Projektwerkzeug nennt andere Bedingungen als die Vereinbarung, die abgerechnet wird.",
        "dort oder in agreements.toml berichtigen",
    ),
    "TermsNotAgreed": ProblemText(
        "Das Projektwerkzeug kennt Bedingungen, zu denen keine Vereinbarung passt.",
        "falls sie abzurechnen sind, in agreements.toml ergänzen:",
    ),
    "TermsNotRead": ProblemText(
        "Das Projektwerkzeug kennt Bedingungen, die nicht von dort gelesen werden.", "in agreements.toml vereinbaren"
    ),
    "TaxRuleMissing": ProblemText(
        "Für diese Steuerkategorie kennt das Buchhaltungsprogramm keine Steuerregel.", "in tax_rules nennen"
    ),
    "TaxTypeMissing": ProblemText(
        "Für diese Steuerkategorie kennt das Buchhaltungsprogramm keine Steuerart.", "in tax_types oder taxes nennen"
    ),
    "TextCut": ProblemText("Ein Text wurde gekürzt.", "den Text an der Quelle kürzen"),
    "TextMissing": ProblemText("Eine Position hat keinen Text.", "der Position eine Bezeichnung geben"),
    "TextTooLong": ProblemText(
        "Ein Text ist länger, als das Buchhaltungsprogramm annimmt.", "an der Quelle kürzen oder mit `honorar edit`"
    ),
    "TextTransliterated": ProblemText(
        "Zeichen, die DATEV nicht kennt, wurden ersetzt.", "den Text an der Quelle ändern"
    ),
    "ThresholdReached": ProblemText("Ein Schwellwert des Kontingents ist erreicht.", "mit dem Kunden sprechen"),
    "TiersOutOfOrder": ProblemText(
        "Die Staffel des Mehraufwands hat Lücken oder Sprünge.",
        "die Grenzen aufsteigend schreiben, die letzte ohne up_to",
    ),
    "TimeFedTwice": ProblemText(
        "Dieselbe Zeit oder Kennzahl zählt für zwei Vereinbarungen.",
        "in [[agreement.feed]] nennen, was zu welcher gehört",
    ),
    "TimeFeedsNothing": ProblemText(
        "Zeiteinträge zählen auf keinen Posten der Vereinbarung; sie werden nicht abgerechnet.",
        "[[agreement.feed]] ergänzen",
    ),
    "TimeLeftOut": ProblemText(
        "Ein Teil der Zeiteinträge wird nicht fakturiert.", "laufende Uhren anhalten, Einträge freigeben"
    ),
    "TimeNotCovered": ProblemText("Zeit nach dem Ende der Vereinbarung gehört zu keiner anderen.", "neu vereinbaren"),
    "TimeNotMarked": ProblemText(
        "Zeit wurde im Projektwerkzeug nicht als fakturiert markiert.", "der nächste Lauf versucht es wieder"
    ),
    "TimeWithoutProject": ProblemText("Abrechenbare Zeit ist keinem Projekt zugeordnet.", _TOOL),
    "TooManyLines": ProblemText(
        "Ein Beleg hat mehr Positionen, als das Buchhaltungsprogramm annimmt.",
        "einzelne Kategorien oder Projekte abrechnen, oder gröber gruppieren",
    ),
    "TooManyRows": ProblemText("Ein Beleg hat mehr Zeilen, als eine Datei fasst.", "den Beleg aufteilen"),
    "UnitsNeedPositions": ProblemText("Fortschritt nach Stück gilt je Position.", "differentiate = true setzen"),
    "UnitsTooFine": ProblemText("Eine Menge hat mehr als drei Nachkommastellen.", "die Menge berichtigen"),
    "UnknownAdapter": ProblemText("Diese Art von Quelle oder Ausgabe gibt es nicht.", _CONFIG),
    "UnknownAgreement": ProblemText("Diese Vereinbarung gibt es nicht.", _MAPPING),
    "UnknownBilling": ProblemText("Die Abrechnungsart des Projekts ist unbekannt.", _TOOL),
    "UnknownColumn": ProblemText("Diese Spalte gibt es nicht.", _CELL),
    "UnknownCustomer": ProblemText("Keine Quelle kennt den Kunden der Vereinbarung.", "customer berichtigen"),
    "UnknownField": ProblemText("Das Projektwerkzeug kennt ein benanntes Feld nicht.", "die Einstellung berichtigen"),
    "UnknownInSink": ProblemText(
        "Ein Beleg im Buchhaltungsprogramm stammt nicht von Honorar.", "nichts, wenn er dort von Hand angelegt wurde"
    ),
    "UnknownIssue": ProblemText("Ein Zeiteintrag gehört zu einem unbekannten Ticket.", _TOOL),
    "UnknownItem": ProblemText("Diesen Posten gibt es in der Vereinbarung nicht.", "die id berichtigen"),
    "UnknownPosition": ProblemText("Ein Zeiteintrag nennt eine unbekannte Position.", _TOOL),
    "UnknownProject": ProblemText("Das Projekt ist nicht bekannt.", _TOOL),
    "UnknownReference": ProblemText("Eine Zeile verweist auf etwas, das es nicht gibt.", _CELL),
    "UnknownSelection": ProblemText(
        "Diese Position oder Kategorie gibt es in der Vereinbarung nicht.", "--select ändern"
    ),
    "UnreadableRecord": ProblemText("Ein Datensatz ist nicht lesbar.", _TOOL),
    "UsageBelowZero": ProblemText("Der Verbrauch einer Periode liegt unter null.", "die Einträge berichtigen"),
    "UsageNotCovered": ProblemText(
        "Einträge liegen außerhalb der Laufzeit; sie werden nicht abgerechnet.", "Tag oder Projekt berichtigen"
    ),
    "VatIdMissing": ProblemText("Die USt-IdNr. des Kunden fehlt.", "die USt-IdNr. eintragen"),
    "VatRateRefused": ProblemText(
        "Das Buchhaltungsprogramm nimmt diesen Steuersatz nicht an.", "eine Steuerregel dafür in tax_rules nennen"
    ),
    "VatWhenPaidRefused": ProblemText(
        "Das Buchhaltungsprogramm bucht die Umsatzsteuer mit der Rechnung, nicht mit der Zahlung.",
        'instalments = "partial_supply", oder anders verbuchen',
    ),
    "VersionsOverlap": ProblemText("Zwei Fassungen gelten am selben Tag.", "nach valid_from ordnen, jeden Tag einmal"),
    "WorkNotCovered": ProblemText(
        "Zeiteinträge liegen außerhalb der Laufzeit; sie werden nicht abgerechnet.", "Tag oder Laufzeit berichtigen"
    ),
    "WrittenOffInSink": ProblemText(
        "Der Beleg ist im Buchhaltungsprogramm ausgebucht.",
        "nichts, wenn die Forderung verloren ist; sonst dort die Zahlung buchen",
    ),
    "XRechnungRefused": ProblemText(
        "Aus diesem Beleg macht das Buchhaltungsprogramm keine XRechnung.", "den Kunden aus xrechnung nehmen"
    ),
}
"""By the problem's code. A plugin's code that is not here is shown in the plugin's own words."""


def in_german(code: str, hint: str) -> ProblemText | None:
    """Return meaning and remedy; lines of TOML that follow the hint's first line are kept.

    None for a code without a text.
    """
    text = GERMAN.get(code)
    _, newline, lines = hint.partition("\n")
    return ProblemText(text.meaning, f"{text.remedy}{newline}{lines}") if text else None
