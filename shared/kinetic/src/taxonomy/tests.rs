use connector_http::Class;
use test_case::test_case;

use super::*;

const UNAUTHORIZED: &str = "System.UnauthorizedAccessException";
const BUSINESS: &str = "Ice.Common.BusinessObjectException";
const API: &str = "Epicor.RESTApi.ErrorHandling.ApiException";
const MODIFIED: &str = "Row has been modified by another user and couldn't be updated.";

#[test_case(401, UNAUTHORIZED, "Invalid username or password." => (Some(Class::Unauthorized), "kinetic.bad_credentials"))]
#[test_case(401, UNAUTHORIZED, "Invalid API Key abc.\r\nCompany EPIC06." => (Some(Class::Unauthorized), "kinetic.bad_api_key"))]
#[test_case(401, UNAUTHORIZED, "Access denied (Erp.BO.Company.GetRows)." => (Some(Class::Forbidden), "kinetic.access_denied"))]
#[test_case(403, "UnauthorizedAccessException", "Access denied." => (Some(Class::Forbidden), "kinetic.access_denied"))]
#[test_case(403, "", "<html>" => (Some(Class::Forbidden), "kinetic.access_denied"); "403 of a proxy")]
#[test_case(401, UNAUTHORIZED, "The access token has expired." => (Some(Class::Unauthorized), "kinetic.token_refused"))]
#[test_case(401, "", "Invalid Token" => (Some(Class::Unauthorized), "kinetic.token_refused"); "a token without a type")]
#[test_case(401, UNAUTHORIZED, "Access denied (Ice.LIB.TokenService.GetAccessToken)." => (Some(Class::Forbidden), "kinetic.access_denied"); "a permission that speaks of tokens")]
#[test_case(401, "", "" => (Some(Class::Unauthorized), "kinetic.unauthorized"))]
#[test_case(400, "Ice.Common.LicenseAccessException", "Ice.Common.LicenseAccessException" => (Some(Class::Throttled), "kinetic.no_licence"))]
#[test_case(400, BUSINESS, "Maximum users exceeded" => (Some(Class::Throttled), "kinetic.no_licence"); "licence by words")]
#[test_case(400, BUSINESS, "Part ABC is inactive." => (Some(Class::Rejected), "kinetic.business_rule"))]
#[test_case(400, "Ice.BLException", "No." => (Some(Class::Rejected), "kinetic.business_rule"); "the older type")]
#[test_case(500, "Ice.BLException", "No." => (Some(Class::Rejected), "kinetic.business_rule"); "a rule behind 500")]
#[test_case(400, BUSINESS, "Parameter is required." => (Some(Class::Rejected), "kinetic.business_rule"); "a rule that speaks of parameters")]
#[test_case(400, "Microsoft.OData.ODataException", "Syntax error" => (Some(Class::Rejected), "kinetic.odata"))]
#[test_case(400, API, "Parameter checkPartSaleable is not found in the method." => (Some(Class::Forbidden), "kinetic.method_drift"))]
#[test_case(400, API, "Parameter ds is missing." => (Some(Class::Forbidden), "kinetic.method_drift"); "drift by a missing one")]
#[test_case(400, API, "The request body is not JSON." => (Some(Class::Rejected), "kinetic.bad_request"))]
#[test_case(400, "", "" => (Some(Class::Rejected), "kinetic.bad_request"); "400 without words")]
#[test_case(404, "Ice.Common.RecordNotFoundException", "Record not found." => (Some(Class::NotFound), "kinetic.not_found"))]
#[test_case(404, API, "Method not found" => (Some(Class::Forbidden), "kinetic.unknown_method"))]
#[test_case(404, "", "<html>404" => (Some(Class::Forbidden), "kinetic.unknown_address"))]
#[test_case(409, "Ice.Common.DuplicateRecordException", "Duplicate." => (Some(Class::Conflict), "kinetic.duplicate"))]
#[test_case(400, BUSINESS, MODIFIED => (Some(Class::Conflict), "kinetic.row_modified"); "modified behind 400")]
#[test_case(409, "", MODIFIED => (Some(Class::Conflict), "kinetic.row_modified"); "modified behind 409")]
#[test_case(409, "", "No." => (Some(Class::Conflict), "kinetic.conflict"))]
#[test_case(410, "", "" => (Some(Class::Unauthorized), "kinetic.session_expired"))]
#[test_case(503, "Ice.ConversionsPendingException", "" => (Some(Class::Unavailable), "kinetic.conversion_pending"))]
#[test_case(500, "", "We apologize" => (None, "kinetic.internal"))]
#[test_case(502, "", "<html>" => (None, "kinetic.gateway"))]
#[test_case(503, "", "" => (None, "kinetic.gateway"); "503 without words")]
#[test_case(429, "", "" => (None, "kinetic.throttled"))]
#[test_case(413, "", "" => (None, ""))]
fn a_refusal_means(status: u16, kind: &str, text: &str) -> (Option<Class>, &'static str) {
    let meaning = meaning(Refusal { status, kind, text });
    (meaning.class, meaning.cause)
}

#[test]
fn only_an_empty_licence_pool_names_a_wait() {
    let wait = |text| meaning(Refusal { status: 400, kind: BUSINESS, text }).retry_after;
    assert_eq!(wait("Maximum users exceeded"), Some(LICENCE_WAIT));
    assert_eq!(wait("Part is inactive."), None);
}
