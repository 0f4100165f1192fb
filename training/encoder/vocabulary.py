"""Who speaks, to whom, when and how, in the sentences of the grammar."""

# ruff: noqa: SIM905 (words in a string are read more easily than a list of words)

ROLES = (
    "president;prime minister;foreign minister;mayor;governor;senator;union leader;police chief;lawyer;economist;"
    "professor;head teacher;fire chief;ambassador;coach;captain;bishop;analyst;farmer;nurse;resident;director;"
    "chief executive;chairwoman;prosecutor;judge;engineer;campaigner;historian;shopkeeper;official;diplomat;envoy;"
    "former minister;opposition leader;deputy mayor;team manager;trade commissioner;defence secretary"
).split(";")
BODIES = (
    "the ministry;the government;the central bank;the company;the union;the court;the police;the council;the airline;"
    "the party;the foreign office;the commission;the university;the club;the agency;the newspaper;the board;police;"
    "the White House;the Kremlin;Brussels;Moscow;Washington;London;Beijing;the United Nations;Amnesty International;"
    "Reuters;the Associated Press;Nordbank;the port authority;state television;the prosecutor’s office;the hospital;"
    "the army;the palace;the league;the regulator;NATO;the World Bank;the European Commission;Hallmark Freight"
).split(";")
GROUPS = (
    "critics;supporters;experts;officials;residents;witnesses;analysts;doctors;many voters;several lawmakers;"
    "two people familiar with the talks;a source close to the family;neighbours;a spokesman;a spokeswoman;"
    "a spokesman for the ministry;one resident;another official;his lawyer;her brother;investigators;campaigners;"
    "a senior aide;opposition parties;teachers;the defendant;the two men;a person briefed on the matter;scientists;"
    "a government spokeswoman;the 43-year-old;the former minister;an eyewitness;industry groups;some economists"
).split(";")
PAPERS = (
    "the report;the study;the letter;the indictment;a new survey;the audit;the statement;court documents;the memo;"
    "the ruling;the poll;the newspaper;a leaked document;the lawsuit"
).split(";")
PRONOUNS = "he;she;he;she;they;it;I;we".split(";")
TOLD = (
    "reporters;the BBC;lawmakers;the court;the inquiry;journalists in Brussels;a local radio station;parliament;"
    "the newspaper;Reuters;her supporters;the council;police;a news conference;CNN;his staff;the committee"
).split(";")
WHEN = (
    "on Monday;on Tuesday;on Thursday;on Friday;Wednesday;Sunday;in a statement;in an interview;at a news conference;"
    "last week;on Twitter;in an email;after the meeting;later;during the debate;at the weekend;earlier this month;"
    "in a speech on Saturday;when asked about the plan;by telephone;on condition of anonymity;in court"
).split(";")
AFTERWARDS = (
    "left the room without taking questions;was seen leaving by a side door;has not been charged;resigned in May;"
    "will stand again next year;could not be reached for comment;is due in court on Thursday;lost the vote"
).split(";")
FATES = (
    "was met with laughter;did not convince the jury;surprised many in the town;is not supported by the evidence;"
    "has been widely shared;drew an angry answer;came a day before the vote;has never been proved"
).split(";")
WRITTEN = (
    "a banner/banners;a sign/signs;one placard/placards;a note/notes;the inscription/inscriptions;a poster/posters;"
    "the message/messages;a headline/headlines;the label/labels;one slogan/slogans"
).split(";")
"""What bears words, one and several."""
ADDING = "adding;saying;noting;arguing;warning;insisting;claiming;explaining;suggesting;stressing".split(";")
ASKING = "asked;wondered;wanted to know;would not say;did not say;could not say;declined to say;inquired".split(";")
QUESTIONS = "whether;why;how;whether;if".split(";")
DIRECT_ONLY = "said;said;said;says;told;asked;added;wrote;tweeted;replied;recalled;explained;insisted;joked".split(";")
THINGS_ONLY = "praised;thanked;discussed;met;visited;announced the opening of;launched;presented;addressed".split(";")
PLANS = "plans;wants;agreed;decided;refused;hopes one day;is expected;intends;failed;managed".split(";")
