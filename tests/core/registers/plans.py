"""Hand-made mappings of the real registers, as a person would make them in the form."""

from alongside.core.registers.mapping import Plan

FEDERAL_2023 = Plan(
    {
        "Use_Case_ID": "key",
        "Title": "name",
        "Department": "body",
        "Agency": "body",
        "Summary": "summary",
        "Development_Stage": "stage",
        "Source_Code": "documents",
    },
    {
        "stage": {
            "completed": "retired",
            "in mission": "in_use",
            "development not in production": "development",
        }
    },
)
FEDERAL_2024 = Plan(
    {
        "Use Case Name": "name",
        "Agency": "body",
        "Bureau": "body",
        "What is the intended purpose and expected benefits of the AI?": "purpose",
        "Describe the AI system’s outputs.": "summary",
        "Stage of Development": "stage",
        "Is the AI use case rights-impacting, safety-impacting, both, or neither?": "impact",
        "Does this AI use case involve personally identifiable information (PII) that is maintained by the agency?": "personal_data",
        "Which, if any, demographic variables does the AI use case explicitly use as model features?": "people_in_data",
    }
)
FEDERAL_2025 = Plan(
    {
        "id": "key",
        "use_case_name": "name",
        "agency_name": "body",
        "agency_bureau": "body",
        "contact_email": "drop",
        "problem_solved": "summary",
        "benefits": "purpose",
        "development_stage": "stage",
        "is_high_impact": "impact",
        "data_description": "data_used",
        "has_pii": "personal_data",
        "demographic_features": "people_in_data",
        "vendor_name": "vendors",
        "link_to_data": "datasets",
        "pia_url": "documents",
        "hi_failsafe_presence": "oversight",
        "hi_appeal_process": "appeal",
        "hi_public_consultation": "asked",
    }
)
ATRS = Plan({"tool_name": "name", "publishing_body": "body", "description": "summary", "url": "documents"})
REAL = {
    "us_federal_2023.csv": (FEDERAL_2023, 710),
    "us_federal_2024_v2.csv": (FEDERAL_2024, 2133),
    "us_federal_2025_individual.csv": (FEDERAL_2025, 3611),
    "uk_atrs_records.csv": (ATRS, 136),
    "uk_atrs_records.json": (ATRS, 136),
}
