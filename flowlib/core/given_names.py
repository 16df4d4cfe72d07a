"""
Which words are given names? Common ones in the United Kingdom, across generations and communities.

Used only to judge whether a column holds people's names; a list this short
recognises a column, not a person.
"""

from __future__ import annotations

__all__ = ["GIVEN_NAMES"]

GIVEN_NAMES = frozenset(
    """
    aaron abdul abigail adam adrian agnes ahmed aisha alan albert alex alexander alfred ali alice alison amanda
    amelia amina amy andrea andrew angela ann anna anne annie anthony archie arthur asha ashley audrey ava
    barbara barry beatrice ben benjamin bernard beryl beth betty brenda brian bridget callum carl carol caroline
    catherine charles charlie charlotte chloe chris christian christina christine christopher claire clara clive
    colin connor craig cynthia daisy daniel darren david dawn dean deborah denise dennis derek diana diane
    dominic donald donna doreen doris dorothy dylan edith edna edward eileen elaine eleanor elizabeth ella ellen
    elsie emily emma eric ernest ethan ethel eva evelyn fatima fiona florence frances francis frank fred
    frederick freya gareth gary gavin geoffrey george gerald geraldine gillian gladys glenn gordon grace graham
    greta gwen hannah harold harriet harry hassan hazel heather helen henry hilda howard hugh ian ibrahim irene
    iris isaac isabella isla ivy jack jacob jacqueline jake james jamie jane janet janice jason jean jeffrey
    jennifer jenny jeremy jessica jill joan joanna joanne john jonathan jordan joseph josh joshua joyce judith
    julia julian julie june karen kate katherine kathleen katie keith kelly ken kenneth kerry kevin khadija kim
    kimberley kirsty kyle laura lauren lawrence leah lee leo leon leonard lesley leslie lewis liam lilian lily
    linda lisa lorraine louise lucy luke lynn mabel malcolm margaret maria marie marion marjorie mark martin
    mary maryam matthew maureen mavis max maya megan melanie melissa michael michelle mildred millie mohamed
    mohammad mohammed molly monica muhammad muriel nadia nancy natalie natasha nathan neil nicholas nicola nigel
    nora noah norma norman olive oliver olivia omar oscar owen pamela patricia patrick paul paula pauline peter
    philip phillip phyllis poppy priya rachel raj ralph ravi ray raymond rebecca reginald rhys richard rita
    robert robin roger ronald rosa rose rosemary ross roy ruby russell ruth ryan samantha samuel sandra sara
    sarah scott sean shannon sharon sheila shirley sidney simon sofia sophia sophie stacey stanley stella
    stephanie stephen steven stuart sunita susan suzanne sylvia tariq teresa terence terry thelma theo theresa
    thomas timothy tina toby tom tony tracey tracy trevor valerie vanessa vera veronica victor victoria vincent
    violet vivian walter wayne wendy wilfred william winifred yasmin yusuf yvonne zainab zara zoe
    """.split()  # noqa: SIM905 - a list of 300 quoted words would be harder to read
)
