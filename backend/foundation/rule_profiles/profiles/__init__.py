"""The regulations as data, one file each, and the table of who reads what.

Every key of keys.yaml stands here once, with the module that obeys it: by a block, a deadline, a default, something that is
asked for, or a line on the work list. `shown` after a page: the words of the text are there where somebody decides by them,
and to show them is all that the text asks. A test opens the part and looks for the key. A value that nothing reads does not
belong into a profile.

适用范围
  draw.not_applicable_to             planning/tasks/templates/tasks/choose.html  shown
  inspection.requires_legal_basis    planning/tasks/held_to_rules.py
  inspection.outside_plan_forbidden  planning/tasks/held_to_rules.py
  campaigns.discouraged              planning/tasks/held_to_rules.py
  procedure.adaptable                planning/tasks/left_out_steps.py
抽查事项清单
  matter.fields                      registers/imports/registers.py
  matter.approved_by                 registers/matters/templates/matters/list.html  shown
  matter.signatories                 registers/matters/actions.py
  matter.published                   registers/matters/templates/matters/list.html  shown
  matter.key_when                    registers/matters/templates/matters/list.html  shown
  matter.key_ratio_unlimited         registers/matters/templates/matters/matter.html  shown
  matter.batch_order_by_draw         planning/tasks/held_to_rules.py
  matter.general_ratio_limited       planning/annual_plan/queries.py
  matter.idle_years                  registers/matters/pages.py
检查对象名录库
  directory.split                    registers/entities/templates/entities/list.html  shown
  directory.maintained_by            registers/entities/templates/entities/list.html  shown
  entity.kinds                       registers/entities/templates/entities/list.html  shown
  entity.fields                      registers/entities/actions.py
  risk.basis                         registers/entities/templates/entities/entity.html  shown
  risk.published                     planning/draw/commit.py
执法检查人员名录库
  inspector.fields                   registers/imports/registers.py
  inspector.published                public_site/results/pages.py
  inspector.certificate_required     registers/inspectors/rules.py
  inspector.qualification            registers/inspectors/templates/inspectors/list.html  shown
  inspector.establishment            registers/inspectors/rules.py
  inspector.may_check                registers/inspectors/templates/inspectors/list.html  shown
  inspector.drawn_from               planning/draw/templates/draw/new.html  shown
  inspector.may_refuse               planning/adjustments/templates/adjustments/adjust.html  shown
  expert.pool_allowed                planning/companions/actions.py
  expert.counts_in_team              registers/inspectors/rules.py
  expert.chosen_by                   planning/companions/actions.py
  accompanying.who                   planning/companions/actions.py
  accompanying.no_ties               planning/companions/actions.py
年度抽查工作计划
  plan.fields                        planning/annual_plan/queries.py
  plan.compiled_by                   planning/annual_plan/templates/annual_plan/list.html  shown
  plan.covers_every_matter           planning/annual_plan/queries.py
  plan.changes_reported_to           records/worklist/sources/planning.py
  plan.ad_hoc_allowed                planning/tasks/held_to_rules.py
  plan.scheme_for_each_draw          planning/tasks/held_to_rules.py
  plan.joint_inspections_min         planning/annual_plan/queries.py
  plan.min_share_percent             planning/annual_plan/queries.py
  commission.from_above              planning/tasks/templates/tasks/choose.html  shown
次数上限
  cap.value                          planning/draw/yearly_cap.py
  cap.scope                          planning/draw/yearly_cap.py
  cap.period                         planning/draw/yearly_cap.py
  cap.not_binding                    planning/draw/roster.py
  cap.flagged_must_rise              planning/annual_plan/queries.py
  cap.passed_not_repeated            planning/draw/roster.py
摇号抽取
  draw.platform                      planning/draw/templates/draw/new.html  shown
  draw.modes                         planning/tasks/held_to_rules.py
  draw.directory                     planning/tasks/templates/tasks/task.html  shown
  draw.several_classes               planning/tasks/held_to_rules.py
  draw.by_risk_grade                 planning/tasks/held_to_rules.py
  draw.grades_differ                 planning/tasks/held_to_rules.py
  draw.witnesses_min                 planning/draw/preparing.py
  draw.witness_kinds                 planning/draw/preparing.py
  draw.recording                     records/worklist/sources/planning.py
  draw.record_signed_by_all          planning/draw/actions.py
  draw.record_archived               records/dossier/rules.py
  draw.secrecy_undertaking           planning/draw/undertakings.py
  draw.reported_to                   planning/filings/queries.py
  draw.announced_at_dispatch         planning/draw/templates/draw/draw.html  shown
  merge.same_window                  fieldwork/visits/opening.py
  merge.otherwise                    planning/draw/roster.py
免检免扰
  exemption.allowed                  planning/draw/roster.py
  exemption.never_covers             planning/draw/roster.py
检查组
  team.min_inspectors                planning/tasks/actions.py
  team.leaders                       planning/tasks/templates/tasks/task.html  shown
  team.leader_from                   planning/draw/preparing.py
  team.work_plan_required            planning/tasks/queries.py
  team.shortage                      planning/adjustments/on_draws.py
  team.shortage_approved_by          planning/adjustments/templates/adjustments/adjust.html  shown
  team.shortage_signatories          planning/adjustments/rules.py
  team.shortage_training             registers/training/templates/training/list.html  shown
  replacement.inspector              planning/adjustments/on_draws.py
  replacement.reasons                planning/adjustments/pages.py
  replacement.needs                  planning/adjustments/asking.py
  replacement.signatories            planning/adjustments/rules.py
  recusal.required                   planning/matching/actions.py
  recusal.ways                       planning/adjustments/on_draws.py
  training.yearly_plan               records/worklist/sources/rules_and_lists.py
现场检查
  inspection.remote_first            planning/tasks/actions.py
  inspection.approved_before         planning/tasks/queries.py
  precheck.required                  records/dossier/rules.py
  onsite.min_inspectors              fieldwork/sync/documents.py
  onsite.certificates                fieldwork/sync/documents.py
  notice.name                        records/dossier/visit_parts.py
  onsite.recording                   fieldwork/sync/documents.py
  onsite.statement_recorded          fieldwork/sync/documents.py
  onsite.all_matters_at_once         fieldwork/visits/templates/visits/visit.html  shown
  filing.steps                       planning/filings/queries.py
  refusal.statement                  records/dossier/rules.py
  refusal.inspector_signs            records/dossier/rules.py
  refusal.witness                    records/dossier/rules.py
  cannot_inspect.reasons             fieldwork/visits/actions.py
  cannot_inspect.counts_as_done      fieldwork/visits/clocks.py
  cannot_inspect.afterwards          records/dossier/rules.py
  transfer.moved_away                registers/entities/templates/entities/list.html  shown
检查结果
  report.deadline_wd                 foundation/rule_profiles/rules.py
  report.fields                      decisions/results/drafting.py
  result.signed_off_by               records/dossier/rules.py
  result.head_approves               decisions/publication/actions.py
  publication.deadline_wd            foundation/rule_profiles/rules.py
  publication.counts_from            decisions/results/queries.py
  publication.channels               decisions/publication/actions.py
  publication.unpublishable          decisions/publication/templates/publication/visit.html  shown
  publication.share_percent          decisions/publication/templates/publication/visit.html  shown
  correction.signed_by               decisions/objections/templates/objections/correction.html  shown
  correction.signatories             decisions/objections/actions.py
  objection.lodge_wd                 foundation/rule_profiles/rules.py
  objection.review_wd                foundation/rule_profiles/rules.py
  objection.answer_wd                foundation/rule_profiles/rules.py
  objection.remedies                 decisions/objections/actions.py
  followup.clues_to                  decisions/referrals/queries.py
  followup.cases_to                  decisions/referrals/queries.py
  followup.crime_to                  decisions/referrals/queries.py
归档与统计
  archive.form                       records/dossier/templates/dossier/one.html  shown
  archive.deadline_wd                foundation/rule_profiles/rules.py
  archive.kept_by                    records/dossier/templates/dossier/one.html  shown
  archive.includes                   records/dossier/rules.py
  monthly_report.due_day             records/worklist/sources/rules_and_lists.py
  monthly_report.quarter_months      records/worklist/sources/rules_and_lists.py
  assessment.basis                   records/worklist/templates/worklist/plan_progress.html  shown
  assessment.late_is_not_done        records/worklist/plan_progress.py
  liability.relieved_when            fieldwork/visits/templates/visits/visit.html  shown
  liability.held_when                fieldwork/visits/templates/visits/visit.html  shown
  secrecy.protects                   decisions/publication/templates/publication/visit.html  shown
"""
