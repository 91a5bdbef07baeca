"""Bad input and traps of cases and reviews (terms, files, people, sheets): each with the tests that show how it is met.

``TRAPS`` are things that go wrong by themselves, ``LIMITS`` what the rules forbid, ``TYPED`` what people type or send. A test is named
as pytest names it, without its parameters; ``test_bad_input.py`` holds every name against the tests that are there.
"""

_MATTERS, _REVIEW, _SITE, _KERNEL, _DIRECTORY = "tests/matters", "tests/review", "tests/site", "tests/kernel", "tests/directory"

TRAPS = {
    "events are never deleted or re-timed": (
        f"{_MATTERS}/test_cases.py::test_what_happened_is_never_changed",
        f"{_MATTERS}/test_walks_of_cases.py::test_a_walk_ends_with_every_clock_event_and_entry_in_order",
    ),
    "the due day is only derived": (
        f"{_MATTERS}/test_cases.py::test_due_dates_are_derived_and_their_copies_follow",
        f"{_MATTERS}/test_clocks.py::test_a_suspension_moves_the_due_date",
    ),
    "a person in two units": (
        f"{_REVIEW}/test_barring.py::test_a_person_in_two_units_keeps_away_from_both",
        f"{_REVIEW}/test_assignment.py::test_with_several_kinds_and_units_no_rule_is_broken",
    ),
    "officers who are also experts": (f"{_REVIEW}/test_rounds.py::test_officers_observers_strangers_and_the_called_are_not_called",),
    "judges' own children in the contest": (
        f"{_SITE}/test_judges_children.py::test_the_judge_whose_child_is_an_author_keeps_away_from_that_entry_alone",
    ),
    "a panel that is switched after scores exist": (
        f"{_REVIEW}/test_rounds.py::test_who_declines_is_replaced_and_all_other_seats_stay",
        f"{_REVIEW}/test_rounds.py::test_a_reading_is_complete_signed_and_locked",
        f"{_REVIEW}/test_races.py::test_steps_and_readings_are_taken_once_and_all_who_leave_are_replaced",
    ),
    "补正 is told once": (
        f"{_MATTERS}/test_cases.py::test_corrections_are_collected_told_once_and_stop_the_clock",
        f"{_MATTERS}/test_walks.py::test_everything_that_hinders_is_told_at_once",
    ),
    "publicity over a holiday": (
        f"{_REVIEW}/test_rounds.py::test_the_day_of_publication_does_not_count_and_days_off_neither",
        f"{_MATTERS}/test_bad_input.py::test_publicity_over_a_holiday_holds_the_award_back_until_its_last_working_day",
    ),
    "leap-day ages": (
        f"{_MATTERS}/test_claims.py::test_whole_years_on_and_before_the_birthday_and_for_a_leap_day",
        f"{_MATTERS}/test_clocks.py::test_months_end_on_the_last_day_where_there_is_no_such_day",
    ),
    "salaries in other currencies": (
        f"{_MATTERS}/test_form.py::test_pay_in_another_currency_is_told_as_such_and_kept",
        f"{_MATTERS}/test_form.py::test_every_amount_in_another_currency_is_told_at_once_and_yuan_are_none",
    ),
    "passports that are renewed midway": (
        f"{_MATTERS}/test_holders.py::test_a_passport_renewed_while_the_case_runs_is_put_right_in_it",
        f"{_MATTERS}/test_holders.py::test_a_person_with_a_new_passport_is_recognised_at_the_extension",
        f"{_MATTERS}/test_holders.py::test_another_unit_s_person_of_the_same_name_is_not_told",
    ),
    "names in 4 scripts": (
        f"{_MATTERS}/test_names.py::test_a_name_is_kept_shown_found_and_printed",
        f"{_MATTERS}/test_names.py::test_a_person_is_found_by_a_part_of_the_name",
        f"{_MATTERS}/test_holders.py::test_a_person_with_a_new_passport_is_recognised_at_the_extension",
    ),
    "minors' data": (
        f"{_SITE}/test_contest_privacy.py::test_no_page_of_any_role_and_no_line_of_the_log_tells_a_student",
        f"{_SITE}/test_contest_privacy.py::test_neither_the_database_nor_a_file_of_the_installation_holds_a_student",
        f"{_SITE}/test_contest_privacy.py::test_no_export_of_a_list_tells_a_student",
        f"{_SITE}/test_contest_privacy.py::test_no_answer_to_a_program_tells_a_student",
        f"{_SITE}/test_contest_rows.py::test_no_row_of_any_table_tells_a_student",
    ),
    "anonymity leaks through metadata and names in files": (
        f"{_REVIEW}/test_traces.py::test_a_name_is_found_wherever_a_file_holds_it",
        f"{_REVIEW}/test_traces.py::test_what_holds_no_name_tells_none_and_what_is_damaged_breaks_nothing",
        f"{_SITE}/test_review_evidence.py::test_a_blind_round_withholds_files_that_name_the_applicant",
        f"{_MATTERS}/test_attached.py::test_judges_see_nothing_that_tells_whose_it_is",
        f"{_SITE}/test_review_lines.py::test_blind_judges_never_learn_where_a_picture_was_taken",
        f"{_REVIEW}/test_bareness.py::test_nothing_is_left_of_what_was_noted_and_the_picture_is_the_same",
        f"{_REVIEW}/test_bare_documents.py::test_no_author_company_folder_or_camera_is_left",
        f"{_REVIEW}/test_bare_documents.py::test_a_pdf_looks_the_same_and_its_pictures_tell_nothing",
    ),
    "numbers of identity, telephones and dates of a spreadsheet turned to floats": (
        f"{_MATTERS}/test_bad_input.py::test_a_workbook_keeps_numbers_telephones_and_days_as_they_are_meant",
        f"{_MATTERS}/test_contest_import.py::test_an_18_digit_number_that_lost_its_digits_is_told",
        f"{_KERNEL}/test_spreadsheets.py::test_what_is_wrong_is_told",
        f"{_KERNEL}/test_spreadsheets_export.py::test_numbers_with_more_digits_than_a_cell_keeps_are_texts",
    ),
    "rounding": (
        f"{_MATTERS}/test_form.py::test_a_table_and_its_total_are_computed_in_fen",
        f"{_MATTERS}/test_form.py::test_amounts_are_exact",
        f"{_KERNEL}/test_money.py::test_parts_add_up_exactly_and_stay_near_their_share",
    ),
}

LIMITS = {
    "each edge of the points table, in both editions": (
        f"{_MATTERS}/test_scales.py::test_each_edge_of_both_editions",
        f"{_MATTERS}/test_scales.py::test_a_hole_of_the_table_is_told_and_a_child_is_refused",
        f"{_MATTERS}/test_scales.py::test_a_table_that_does_not_add_up_is_refused",
        f"{_MATTERS}/test_points_page.py::test_whoever_is_too_young_is_told_so_and_what_is_no_system_is_not_found",
    ),
    "a class that is claimed and not reached": (f"{_MATTERS}/test_claims.py::test_whether_a_claim_agrees",),
    "an extension once, a hearing within its days": (
        f"{_MATTERS}/test_cases.py::test_an_extension_moves_the_date_once",
        f"{_MATTERS}/test_letters.py::test_who_does_not_ask_in_time_has_no_hearing",
    ),
    "one rating a service, never changed": (
        f"{_MATTERS}/test_cases.py::test_a_case_is_rated_once",
        f"{_MATTERS}/test_ratings.py::test_everything_wrong_with_a_rating_is_told_at_once",
    ),
    "shared work of three years, kin, unit, refusals": (
        f"{_REVIEW}/test_barring.py::test_work_done_together_counts_for_three_years_by_its_dates",
        f"{_REVIEW}/test_rounds.py::test_nobody_judges_their_unit_their_own_entry_or_who_refused_them",
    ),
    "an even panel, too few experts, no subject, a past day": (
        f"{_REVIEW}/test_rounds.py::test_everything_wrong_with_a_round_is_told_at_once",
        f"{_REVIEW}/test_barring.py::test_a_panel_of_those_who_rest_is_too_small_to_be_drawn_from",
    ),
    "publicity and objections": (f"{_REVIEW}/test_rounds.py::test_results_list_objection_and_end",),
    "applications outside of the call": (
        f"{_MATTERS}/test_attached.py::test_outside_a_call_nothing_is_begun_or_handed_in_and_the_dates_are_told",
        f"{_MATTERS}/test_attached.py::test_a_call_holds_on_its_first_and_its_last_day",
    ),
    "one work a student and year": (
        f"{_MATTERS}/test_contest_import.py::test_a_student_stands_in_one_entry_of_a_year_until_it_ends_without_success",
        f"{_MATTERS}/test_contest_races.py::test_one_student_in_two_schools_at_once_is_taken_once",
    ),
    "a team of three at most, of one stage and district, everyone with a number of their own": (
        f"{_MATTERS}/test_bad_input.py::test_everything_wrong_with_a_team_is_told_at_once_and_stays_as_typed",
        f"{_MATTERS}/test_files.py::test_all_files_of_the_repository_hold_with_their_own_tests",
    ),
    "no new member midway": (
        f"{_MATTERS}/test_bad_input.py::test_nobody_joins_a_team_after_the_application",
        f"{_MATTERS}/test_bad_input.py::test_a_number_that_was_mistyped_is_put_right_when_a_correction_asks_for_it",
    ),
    "finished within two years before July 1, guardians of whoever is under 14": (
        f"{_MATTERS}/test_files.py::test_all_files_of_the_repository_hold_with_their_own_tests",
    ),
    "quotas of schools and districts": (
        f"{_MATTERS}/test_contest_import.py::test_no_more_come_in_than_the_school_has_places",
        f"{_MATTERS}/test_contest_import.py::test_the_district_recommends_within_its_places_and_no_other_district_does",
        f"{_MATTERS}/test_contest_races.py::test_fifty_schools_at_once_take_no_more_places_than_their_district_has",
    ),
    "amounts above what was granted or planned": (
        f"{_MATTERS}/test_payments.py::test_a_plan_that_is_not_the_grant_is_refused",
        f"{_MATTERS}/test_payments.py::test_an_instalment_is_paid_once_and_never_above_its_plan",
    ),
    "quotes of one hand": (f"{_REVIEW}/test_market.py::test_quotes_of_one_hand_are_told_to_the_officer",),
}

TYPED = {
    "nothing, and everything wrong at once": (
        f"{_MATTERS}/test_cases.py::test_everything_missing_is_told_at_once",
        f"{_MATTERS}/test_form.py::test_everything_wrong_is_told_beside_its_question",
    ),
    "values of the wrong kind": (
        f"{_MATTERS}/test_form.py::test_what_cannot_be_understood_is_kept_as_typed",
        f"{_MATTERS}/test_form.py::test_whatever_is_typed_is_kept_and_judged",
        f"{_MATTERS}/test_pages.py::test_typed_answers_of_bad_kinds_are_told_and_kept",
        f"{_SITE}/test_fuzzed_posts.py::test_no_form_fails_and_nothing_typed_is_lost",
    ),
    "identity numbers and credit codes with a wrong digit": (
        f"{_MATTERS}/test_form.py::test_identity_numbers_have_a_check_digit",
        f"{_DIRECTORY}/test_people.py::test_a_wrong_digit_in_an_id_number_is_always_found",
        f"{_KERNEL}/test_spreadsheets.py::test_credit_codes_and_choices_are_checked",
    ),
    "two people of a firm in one form": (
        f"{_MATTERS}/test_cases.py::test_two_of_a_firm_fill_in_one_form",
        f"{_MATTERS}/test_pages.py::test_answers_are_saved_one_by_one_and_conflicts_are_told",
        f"{_MATTERS}/test_races.py::test_two_of_a_firm_who_save_one_field_at_once_lose_nothing",
    ),
    "a page that was opened before the case moved": (f"{_MATTERS}/test_cases.py::test_a_move_seen_from_an_old_page_is_refused",),
    "a form whose matter changes under its filler": (
        f"{_MATTERS}/test_cases.py::test_drafts_move_to_a_new_version_that_was_seen",
        f"{_MATTERS}/test_cases.py::test_running_cases_stay_on_their_version",
        f"{_MATTERS}/test_pages.py::test_what_was_typed_into_a_form_that_is_gone_stands_beside_the_page",
    ),
    "sheets with faults in many rows, sheets that are none": (
        f"{_MATTERS}/test_contest_import.py::test_all_faults_of_a_sheet_are_told_in_their_rows_and_nothing_comes_in",
        f"{_MATTERS}/test_contest_import.py::test_the_same_sheet_again_brings_nothing_new",
        f"{_MATTERS}/test_contest_import.py::test_what_is_no_sheet_is_told_at_once",
        f"{_KERNEL}/test_spreadsheets_files.py::test_bombs_are_refused_before_they_are_unpacked",
    ),
    "files that are not what their name says, too big, broken off, infected": (
        f"{_KERNEL}/test_files.py::test_types_are_told_by_content",
        f"{_KERNEL}/test_files.py::test_what_is_refused_says_why_and_leaves_nothing",
        f"{_KERNEL}/test_uploads.py::test_a_broken_connection_keeps_what_came",
    ),
    "points out of range, a reading without an opinion": (f"{_REVIEW}/test_rounds.py::test_a_reading_is_complete_signed_and_locked",),
    "a file of a matter that makes no sense": (
        f"{_MATTERS}/test_files.py::test_what_is_wrong_is_told_with_its_place",
        f"{_MATTERS}/test_files.py::test_everything_is_told_at_once_with_its_line",
    ),
}
