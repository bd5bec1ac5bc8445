"""Every address of the API, under /api/v1/: flat nouns, rows by UUID."""

from django.urls import path

from accounts import whoami
from apprenticeship import api as apprenticeship
from apprenticeship import api_requests as requests
from competencies import api as competencies
from config import api_docs
from instruction import api as instruction
from instruction import api_classes as classes
from instruction import certificates_api as certificates
from reports import api as reports
from reports import api_evidence as evidence
from reports import api_work as work

urlpatterns = [
    path("schema/", api_docs.schema, name="api_schema"),
    path("docs/", api_docs.docs, name="api_docs"),
    path("me/", whoami.Me.as_view(), name="api_me"),
    path("standards/", competencies.Standards.as_view(), name="api_standards"),
    path("standards/<uuid:pk>/", competencies.StandardNow.as_view(), name="api_standard"),
    path("standard-versions/<uuid:pk>/", competencies.Version.as_view(), name="api_standard_version"),
    path("apprenticeships/", apprenticeship.Apprenticeships.as_view(), name="api_apprenticeships"),
    path("apprenticeships/<uuid:pk>/", apprenticeship.OneApprenticeship.as_view(), name="api_apprenticeship"),
    path("apprenticeships/<uuid:pk>/entries/", apprenticeship.Entries.as_view(), name="api_entries"),
    path("apprenticeships/<uuid:pk>/entries/<int:sequence>/", apprenticeship.OneEntry.as_view(), name="api_entry"),
    path("apprenticeships/<uuid:pk>/progress/", reports.ProgressOf.as_view(), name="api_progress"),
    path("apprenticeships/<uuid:pk>/asks/", requests.Asks.as_view(), name="api_asks"),
    path("asks/<uuid:pk>/withdraw/", requests.Withdraw.as_view(), name="api_withdraw"),
    path("asks/<uuid:pk>/send-back/", requests.SendBack.as_view(), name="api_send_back"),
    path("apprenticeships/<uuid:pk>/hours/", instruction.Hours.as_view(), name="api_hours"),
    path("apprenticeships/<uuid:pk>/on-the-job/", work.WorkOf.as_view(), name="api_work"),
    path("apprenticeships/<uuid:pk>/work-hours/", work.WorkHoursOf.as_view(), name="api_work_hours"),
    path("apprenticeships/<uuid:pk>/certificates/", certificates.Certificates.as_view(), name="api_certificates"),
    path("apprenticeships/<uuid:pk>/beside-classes/", certificates.BesideClasses.as_view(), name="api_beside_classes"),
    path("classes/", classes.PlannedClasses.as_view(), name="api_classes"),
    path("classes/<uuid:pk>/", classes.OnePlannedClass.as_view(), name="api_class"),
    path("classes/<uuid:pk>/attendance/", classes.AttendanceOfClass.as_view(), name="api_class_attendance"),
    path("apprenticeships/<uuid:pk>/documents/", reports.Documents.as_view(), name="api_documents"),
    path("apprenticeships/<uuid:pk>/evidence/", evidence.EvidenceOf.as_view(), name="api_evidence"),
    path("evidence/<uuid:pk>/file/", evidence.EvidenceBytes.as_view(), name="api_evidence_file"),
    path("document-jobs/<uuid:pk>/", reports.OneJob.as_view(), name="api_document_job"),
    path("documents/<uuid:pk>/", reports.OneDocument.as_view(), name="api_document"),
    path("documents/<uuid:pk>/file/", reports.DocumentFile.as_view(), name="api_document_file"),
    path("sign-offs/", apprenticeship.SignOffs.as_view(), name="api_sign_offs"),
    path("sign-offs/<uuid:pk>/", apprenticeship.OneSignOff.as_view(), name="api_sign_off"),
    path("sign-offs/<uuid:pk>/take-back/", apprenticeship.TakeBack.as_view(), name="api_take_back"),
]
