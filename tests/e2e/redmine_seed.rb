# What Redmine's REST API cannot create: default data in German, settings, custom fields, and a first key.
# Run by rails runner; prints the key.

Redmine::DefaultData::Loader.load('de')

# Mails go out from a second thread, which SQLite answers with "database is locked".
Setting.notified_events = []
Setting.rest_api_enabled = '1'
Setting.default_language = 'de'

admin = User.find_by_login('admin')
admin.update!(must_change_passwd: false)

def field(type, name, format, **more)
  type.create!({ name: name, field_format: format, is_for_all: true }.merge(more))
end

field(ProjectCustomField, 'Kundennummer', 'string')
field(ProjectCustomField, 'Kundenname', 'string')
field(ProjectCustomField, 'Land', 'string')
field(ProjectCustomField, 'USt-IdNr', 'string')
field(ProjectCustomField, 'Belege', 'text')
field(ProjectCustomField, 'Abrechnungsart', 'list', possible_values: ['Festpreis', 'Aufwand', 'Intern'])

trackers = Tracker.all.to_a
field(IssueCustomField, 'Festpreis', 'float', trackers: trackers)
field(IssueCustomField, 'Stundensatz', 'float', trackers: trackers)
field(IssueCustomField, 'Menge', 'float', trackers: trackers)
field(IssueCustomField, 'Einheit', 'string', trackers: trackers)
field(IssueCustomField, 'Angebot', 'string', trackers: trackers)
field(IssueCustomField, 'Leistungsart', 'string', trackers: trackers)

field(TimeEntryCustomField, 'Abrechenbar', 'bool', default_value: '1')
field(TimeEntryCustomField, 'Angebotsposition', 'string')

puts admin.api_key
