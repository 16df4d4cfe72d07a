"""
Words of which extracts are made, hidden and clean: names, streets, wards, clinics, statuses.

The names are of this file's own list, not of the one by which flowlib knows names.
"""

GIVEN = """
    Mabel Olive Albert Sidney Maureen Doreen Terence Kenneth Sandra Janice Gillian Nigel Darren Lisa Kelly Gavin
    Jordan Kayleigh Callum Jayden Siobhan Niamh Padraig Eilidh Hamish Rhys Angharad Gwyneth Mohammed Fatima Aaliyah
    Imran Saima Harpreet Gurdeep Manjit Rajesh Sunita Anjali Priti Nkechi Chinedu Oluwaseun Folasade Kwabena Ama
    Tendai Agnieszka Krzysztof Zbigniew Oksana Dmytro Ionela Florin Wei Xiaoming Mei-Ling Nguyen Thuy Yusuf Hodan
    Abdirahman Leila Reza Jean-Paul Anne-Marie María José Zoë Chloë Søren Björn Łukasz Ayşe Özgür Dilek
    """.split()  # noqa: SIM905 - so many quoted words would be harder to read
FAMILY = """
    Ackroyd Bottomley Cartwright Dalgleish Entwistle Featherstone Grimshaw Higginbotham Illingworth Jessop Kirkbride
    Lofthouse Murgatroyd Netherwood Ormerod Pickersgill Quigley Ramsbottom Sidebottom Thistlethwaite Umpleby
    Vickerstaff Wolstenholme Yardley Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Khan Hussain
    Begum Singh Kaur Ali Ahmed Okonkwo Adebayo Mensah Boateng Moyo Ndlovu Kowalczyk Nowak Popescu Ivanova Chen
    Nguyen Tran O'Sullivan McAllister MacDonald Fitzgerald Ó'Briain Jones-Evans Smith-Carter van-Houten al-Masri
    de-Souza Yılmaz Fernández Müller
    """.split()  # noqa: SIM905 - so many quoted words would be harder to read
WORDS = """
    seen reviewed awaiting bloods chased pharmacy family informed mobile eating drinking pain settled night ward
    round
    """.split()  # noqa: SIM905 - so many quoted words would be harder to read
AREAS = """
    AB B BD BS BT CF CV DH E EC EH G HU L LE LS M N NE NG NW OX PL PO S SE SW TR W WF YO ZE
    """.split()  # noqa: SIM905 - so many quoted words would be harder to read
STREETS = """
    Street Road Avenue Lane Close Drive Crescent Terrace Gardens Grove Rd St Ave
    """.split()  # noqa: SIM905 - so many quoted words would be harder to read
MONTHS = """
    January February March April May June July August September October November December
    """.split()  # noqa: SIM905 - so many quoted words would be harder to read
# Headers of a column that tell nothing of what is in it.
ODD_HEADERS = [
    "x",
    "Column7",
    "misc",
    "field_3",
    "INFO",
    "ref2",
    "group",
    "notes",
    "comment",
    "category",
    "Extra",
    "code",
    "Unnamed: 5",
    "alias",
    "other",
    "txt",
    "flag",
    "key_info",
    "value",
    "group_2",
]
# Values that show nobody.
WARDS = [
    "Rose Ward",
    "Victoria",
    "Florence Nightingale",
    "Churchill",
    "Elizabeth Garrett Anderson",
    "Ward 7",
    "Ward 12B",
    "AMU",
    "SDEC",
    "Stroke Unit",
    "Mary Seacole Ward",
    "Nelson",
    "A1",
    "B2",
    "Jubilee",
    "Alexandra",
    "Lister",
    "Edith Cavell Unit",
    "Discharge Lounge",
    "ITU",
    "Theatre 4",
    "Bay 3",
    "Home First",
    "Community Nursing",
]
CLINICS = [
    "Fracture Clinic",
    "Diabetic Eye",
    "Falls Clinic",
    "Memory Assessment",
    "One Stop Breast",
    "Pain Management",
    "X-Ray",
    "MR Head",
    "CT Abdomen",
    "Blood Tests",
    "Miss Appointment Recall",
    "MS Nurse Clinic",
    "Park Road Surgery",
    "Lister Clinic",
    "St Mary's",
    "Dr Assessment",
    "Hot Clinic",
    "Rapid Access Chest Pain",
]
STATUSES = [
    "awaiting bed",
    "ready for discharge",
    "on hold",
    "chase pharmacy",
    "DNA",
    "cancelled by hospital",
    "P1",
    "P2 - agreed",
    "declined",
    "fit for home",
    "RTT clock stopped",
    "validated off",
    "seen",
    "left before seen",
    "transfer pending",
    "medically optimised",
    "no criteria to reside",
    "urgent - 2WW",
    "for review 9am",
    "bed B12 9am",
]
