import pytest

from foresight.corpus.institutions import institution


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("LG Electronics Inc.", "company"),
        ("Robert Bosch GmbH", "company"),
        ("Kabushiki Kaisha Toshiba", "company"),
        ("Philips N.V.", "company"),
        ("阿里巴巴集团控股有限公司", "company"),
        ("Daegu Research Institute Co., Ltd.", "company"),
        ("The Regents of the University of California", "research"),
        ("École Polytechnique", "research"),
        ("浙江大学", "research"),
        ("中国科学院", "research"),
        ("Max Planck Institut für Kohlenforschung", "research"),
        ("IBM", None),
        ("AG", None),  # a form alone is no name with a form
        ("", None),
        (None, None),
    ],
)
def test_kinds_of_organisations(name, kind):
    assert institution(name) == kind
